/** What counts as what in the event store, as SQL that loading and statistics share. */

/** Events that are traffic: the time somebody spent on a page opens no session and extends none. */
export const IS_TRAFFIC = "name NOT IN ('$engagement', '$diagnostic')";

/** Somebody can be counted: server events that name nobody are kept, but are no traffic. */
export const IS_SOMEBODY = '(session IS NOT NULL OR visitor IS NOT NULL)';
