/** How long an access token is good. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 300;

/** How far the clocks of those who verify a token may be behind. */
export const CLOCK_LEEWAY_SECONDS = 60;

/** How long a refresh token waits for its use: a user who stays away longer signs in again. */
export const REFRESH_TOKEN_LIFETIME_SECONDS = 7 * 86_400;

/** How long a session lasts, however often it is refreshed. */
export const SESSION_LIFETIME_SECONDS = 30 * 86_400;
