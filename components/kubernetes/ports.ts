/** Port on which a pod serves gRPC, or HTTPS if it is the edge service's. */
export const SERVICE_PORT = 8_443;

/** Port of a pod's health, over plain HTTP. */
export const OPS_PORT = 8_081;

/** Port of a pod's metrics, over mutual TLS for the collectors alone, and its name. */
export const METRICS_PORT = 8_082;
export const METRICS_PORT_NAME = 'metrics';
