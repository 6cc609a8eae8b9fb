/** Lines of an order at most. */
export const ITEMS_MAX = 100;
/** Units of one line at most. */
export const QUANTITY_MAX = 1000;
/** Characters of a cancel's reason at most. */
export const REASON_LENGTH_MAX = 500;
/** For how long a read waits at most. */
export const WAIT_MAX_SECONDS = 30;
/** An amount of money at most, which is what an int64 can say. */
export const MINOR_UNITS_MAX = 2n ** 63n - 1n;

/** Pages of an account's orders. */
export const PAGE = { sizeMax: 100, sizeDefault: 50 } as const;
/** Pages of all orders. */
export const ALL_PAGE = { sizeMax: 1000, sizeDefault: 500 } as const;

/** A provider's token for a means of payment. */
export const TOKEN_PATTERN = /^[\x21-\x7e]{1,255}$/;
/** What an id in a request may look like; ids are opaque, so no more is said. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** ISO 4217 alphabetic codes. */
export const CURRENCY_PATTERN = /^[A-Z]{3}$/;
