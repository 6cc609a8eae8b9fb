/** Units of one line at most. */
export const QUANTITY_MAX = 1000;
/** An amount of money at most, which is what a request to payments can say. */
export const MINOR_UNITS_MAX = 999_999_999_999_999_999n;

/** Orders of an account on a page when the request does not say. */
export const PAGE_SIZE_DEFAULT = 50;
/** All orders on a page, likewise. */
export const ALL_PAGE_SIZE_DEFAULT = 500;
