/** Where everything of a cluster for tests listens. */
export const LOOPBACK = '127.0.0.1';
