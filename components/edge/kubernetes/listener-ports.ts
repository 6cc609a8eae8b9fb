/** Where proxies listen for what comes at 443: no privileged port in a pod. */
export const HTTPS_LISTENER_PORT = 10_443;

/** The same for 80. */
export const HTTP_LISTENER_PORT = 10_080;
