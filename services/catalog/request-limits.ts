/** Products on a page when the request does not say. */
export const PAGE_SIZE_DEFAULT = 50;
/** Stock or reservations on a page when the request does not say. */
export const STOCK_PAGE_SIZE_DEFAULT = 500;
