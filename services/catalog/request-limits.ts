/** Products on a page at most. */
export const PAGE_SIZE_MAX = 100;
/** Products on a page when the request does not say. */
export const PAGE_SIZE_DEFAULT = 50;
/** Products in one import at most. */
export const IMPORT_SIZE_MAX = 500;
/** Products got at once at most. */
export const BATCH_GET_MAX = 100;
/** Lines of a reservation at most. */
export const LINES_MAX = 100;
/** Units in a line of a reservation at most. */
export const LINE_QUANTITY_MAX = 1000;
/** Stock or reservations on a page at most. */
export const STOCK_PAGE_SIZE_MAX = 1000;
/** Stock or reservations on a page when the request does not say. */
export const STOCK_PAGE_SIZE_DEFAULT = 500;
/** Characters of a product's name at most. */
export const NAME_LENGTH_MAX = 200;
/** Characters of a product's description at most. */
export const DESCRIPTION_LENGTH_MAX = 10_000;
/** Characters of a category's slug at most. */
export const CATEGORY_LENGTH_MAX = 63;
/** Characters of a brand at most. */
export const BRAND_LENGTH_MAX = 100;
/** Attributes of a product at most. */
export const ATTRIBUTES_MAX = 64;
/** Characters of an attribute's value at most. */
export const ATTRIBUTE_VALUE_LENGTH_MAX = 1000;
/** Characters of a product id in a request at most; a real one has 36. */
export const PRODUCT_ID_LENGTH_MAX = 64;

/** Lower-case words joined by single hyphens. */
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Stock keeping units. */
export const SKU_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;
/** Keys of attributes. */
export const ATTRIBUTE_KEY_PATTERN = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
/** What a product id in a request may look like; ids are opaque, so no more is said. */
export const PRODUCT_ID_PATTERN = /^[A-Za-z0-9_-]+$/;
/** ISO 4217 alphabetic codes. */
export const CURRENCY_PATTERN = /^[A-Z]{3}$/;
