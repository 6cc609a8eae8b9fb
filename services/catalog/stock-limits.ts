/** How long a reservation holds its units. */
export const RESERVATION_LIFETIME_MS = 15 * 60_000;
/** Units on hand at most, which is what the contract's int32 can say. */
export const ON_HAND_MAX = 2_147_483_647;
