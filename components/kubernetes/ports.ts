/** Port on which a pod serves gRPC, or HTTPS if it is the edge service's. */
export const SERVICE_PORT = 8_443;

/** Port of a pod's health and metrics, over plain HTTP. */
export const OPS_PORT = 8_081;
