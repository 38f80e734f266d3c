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
export const TEXT_CHARACTERS = 500;
export const TIME_SPENT_SECONDS = 86_400;
export const VISIBLE_DELAY_MS = 86_400_000;
export const CONFIRM_WAIT_MS = 30_000;

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
/** A pattern of the second degree of backtracking sees no more than this of a URL. */
export const SLOW_PATTERN_INPUT_CHARACTERS = 512;

// ── Money ────────────────────────────────────────────────────────────────────
export const AMOUNT_UNITS = 1_000_000_000;
export const MICROS_PER_UNIT = 1_000_000n;

// ── Wire ─────────────────────────────────────────────────────────────────────
export const BEACON_BYTES = 100_000;
export const BEACON_EVENTS = 100;
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

// ── Journal ──────────────────────────────────────────────────────────────────
export const SEGMENT_BYTES = 16 * 1_048_576;
export const SEGMENT_OPEN_MS = 500;
