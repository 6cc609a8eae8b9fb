/** Where brokers of MSK accept clients that prove by IAM who they are. Source: Amazon MSK Developer Guide, "Port information" */
export const CLIENTS_PORT = 9_098;

/** The value of the cloud that locates the brokers. */
export const BROKERS = 'brokers';
