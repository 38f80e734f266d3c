/** Why an event was not taken or not counted, in words with a cure. */

export const DROP_WORDS: Readonly<Record<string, string>> = {
  bot: 'It came from a program, not a person. It is kept apart.',
  excluded_ip: 'Its address is excluded in the settings.',
  excluded_path: 'Its path is excluded in the settings.',
  foreign_host: 'Its page is on a host that is not allowed. Add the host in the settings.',
  bad_event: 'It is no event, or has no usable id.',
  bad_url: 'Its URL cannot be read.',
  bad_name: 'Its name is empty, too long, or begins with “$”.',
  bad_amount: 'Its amount cannot be read as money.',
  duplicate: 'It came twice; the first one counts.',
  duplicate_order: 'Its order was counted already.',
  already_counted: 'The goal counts once, and has counted already.',
  unknown_goal: 'It names a goal that does not exist any more.',
  goal_not_met: 'It names a goal whose conditions it does not meet.',
  too_old: 'It happened too long ago.',
  from_future: 'Its time is in the future: the sender’s clock is wrong.',
  unknown_view: 'It belongs to a page view that is not remembered any more.',
  internal: 'The server failed on it; the log says why.',
};
