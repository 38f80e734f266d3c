/**
 * Every maximum of Goalpost, its unit last in the name. "Characters" are Unicode code points.
 * Nothing else in the project may write one of these numbers again.
 */

// ── Goals ────────────────────────────────────────────────────────────────────
export const GOALS_PER_SITE = 1_000;
export const GOAL_KEY_CHARACTERS = 64;
export const GOAL_NAME_CHARACTERS = 2_100;
export const GOAL_DESCRIPTION_CHARACTERS = 300;
export const GOAL_PROPERTIES = 3;
export const GOAL_FOREIGN_BYTES = 4_096;
export const WHERE_RULES = 20;
export const URL_GROUP_RULES = 50;
export const RULE_VALUE_CHARACTERS = 2_000;
export const SELECTOR_CHARACTERS = 1_000;
export const SELECTOR_NESTING = 8;
export const TEXT_CHARACTERS = 500;
export const TIME_SPENT_SECONDS = 86_400;
export const VISIBLE_DELAY_MS = 86_400_000;
export const CONFIRM_WAIT_MS = 30_000;

// ── Sites ────────────────────────────────────────────────────────────────────
export const SITE_NAME_CHARACTERS = 200;
export const SITE_HOSTS = 200;
export const EXCLUSION_RULES = 500;
export const REDACT_PARAMETERS = 100;
export const REDACT_PARAMETER_CHARACTERS = 100;
export const RETENTION_DAYS = 3_650;

// ── Events ───────────────────────────────────────────────────────────────────
export const EVENT_NAME_CHARACTERS = 500;
/** What `track()` itself accepts; dialects may send up to EVENT_NAME_CHARACTERS. */
export const TRACK_NAME_CHARACTERS = 120;
export const EVENT_PROPERTIES = 30;
export const PROPERTY_KEY_CHARACTERS = 300;
export const PROPERTY_VALUE_CHARACTERS = 2_000;
export const URL_CHARACTERS = 2_000;
export const TITLE_CHARACTERS = 500;
export const ORDER_ID_CHARACTERS = 128;
export const VISITOR_ID_CHARACTERS = 128;
export const EVENT_ID_CHARACTERS = 128;
export const LANGUAGE_CHARACTERS = 35;
export const TIMEZONE_CHARACTERS = 64;
export const VIEWPORT_PX = 100_000;
/** What one view can have been looked at for; more is a broken clock. */
export const ENGAGED_MS = 86_400_000;
/** A pattern of the second degree of backtracking sees no more than this of a URL. */
export const SLOW_PATTERN_INPUT_CHARACTERS = 400;
/** In how many ways a pattern may read one URL; of the second degree. More could take a page too long. */
export const PATTERN_WAYS = 256;
export const SLOW_PATTERN_WAYS = 16;
/** Steps of the program that the server makes of a pattern, repetitions written out; and of all that it keeps. */
export const PATTERN_STEPS = 5_000;
export const PATTERN_STEPS_KEPT = 1_000_000;
/** How long the judge of a pattern may think, and how long its thread is kept after the last one. */
export const PATTERN_JUDGE_MS = 10_000;
export const PATTERN_JUDGE_IDLE_MS = 30_000;

// ── Money ────────────────────────────────────────────────────────────────────
export const AMOUNT_UNITS = 1_000_000_000;
/** Text read from a page for money: longer is no price. */
export const MONEY_TEXT_CHARACTERS = 200;
/** Free currency codes, which one dialect may store. */
export const FREE_CURRENCY_CHARACTERS = 8;
export const MICROS_PER_UNIT = 1_000_000n;

// ── Wire ─────────────────────────────────────────────────────────────────────
export const BEACON_BYTES = 100_000;
export const BEACON_EVENTS = 100;
/** What another product's batch may have, whose documents say so; the collector reads no further of any body. */
export const FOREIGN_BATCH_BYTES = 102_400;
/** What the tracker puts into one body; the collector accepts BEACON_BYTES. */
export const TRACKER_BODY_BYTES = 60_000;
export const OUTBOX_EVENTS = 200;
export const OUTBOX_DAYS = 7;
export const BROWSER_EVENT_AGE_MS = 7 * 86_400_000;
export const SERVER_EVENT_AGE_MS = 30 * 86_400_000;
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

// ── Sessions and identity ────────────────────────────────────────────────────
export const SESSION_IDLE_MS = 30 * 60_000;
export const SALT_LIFE_MS = 48 * 3_600_000;
export const BOT_DAYS = 30;
export const RECENT_MEMORY_MS = 10 * 60_000;

// ── Statistics ───────────────────────────────────────────────────────────────
export const SERIES_BUCKETS = 2_500;
export const FUNNEL_STEPS_MIN = 2;
export const FUNNEL_STEPS_MAX = 8;
export const STATISTICS_AT_ONCE = 2;
/** Questions that wait for one of those; more are refused with 503. */
export const STATISTICS_WAITING = 64;

// ── Journal ──────────────────────────────────────────────────────────────────
export const SEGMENT_BYTES = 16 * 1_048_576;
export const SEGMENT_OPEN_MS = 500;
/** Waiting in memory for the disk; past it the collector answers 503. */
export const JOURNAL_PENDING_CHARACTERS = 32 * 1_048_576;
/** On disk and not in the event store yet; past it the collector answers 503. */
export const JOURNAL_BACKLOG_BYTES = 1_024 * 1_048_576;
/** A body that does not arrive whole within this is given up. */
export const BEACON_BODY_MS = 10_000;
/** How long damaged and refused records are kept for whoever wants to know why. */
export const QUARANTINE_DAYS = 30;
/** How long a question waits for what was acknowledged before it; past it, it is refused. */
export const FRESH_WAIT_MS = 10_000;
/** How long a stopping collector drains before it leaves the rest to the next run. */
export const STOP_DRAIN_MS = 10_000;

// ── Memory of the collector ──────────────────────────────────────────────────
/** Visitors with a session, and views, that are remembered; the least recently seen are forgotten first. */
export const REMEMBERED_VISITORS = 200_000;
export const REMEMBERED_VIEWS = 300_000;
/** Events and conversion keys remembered for the answer of a retry. */
export const REMEMBERED_EVENTS = 200_000;
export const SESSIONS_PER_VISITOR = 8;
/**
 * Characters that all remembered sessions may have together, as visitors' and as views', and sites' URLs, pages and
 * dimensions: whoever sends long texts makes the collector forget sooner instead of taking its memory.
 */
export const VISITORS_CHARACTERS = 24_000_000;
export const VIEWS_CHARACTERS = 32_000_000;
export const DIMENSIONS_CHARACTERS = 4_000_000;
export const PAGES_CHARACTERS = 16_000_000;
export const SITE_URLS_CHARACTERS = 1_000_000;
export const SOURCES_CHARACTERS = 1_000_000;
/** A text that may be an address; longer is none. */
export const ADDRESS_CHARACTERS = 64;
export const REMEMBERED_ADDRESSES = 50_000;
export const REMEMBERED_USER_AGENTS = 5_000;

// ── Rates: events a second and how many at once ──────────────────────────────
export const ADDRESS_EVENTS_PER_S = 50;
export const ADDRESS_EVENTS_AT_ONCE = 1_000;
export const SITE_EVENTS_PER_S = 20_000;
export const SITE_EVENTS_AT_ONCE = 100_000;
