/** The address of a pod as Loki and Tempo read it from their environment, which both expand in their configuration. */
export const OWN_ADDRESS = '${POD_IP}';

/** The environment of one whose chart does not give it. */
export const OWN_ADDRESS_ENVIRONMENT = {
  name: 'POD_IP',
  valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
} as const;
