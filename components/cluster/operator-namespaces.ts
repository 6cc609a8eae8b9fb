/** Where the charts of operators are installed that reach the engines they run. */
export const OPERATOR_NAMESPACES = {
  strimzi: 'strimzi-system',
  cloudNativePg: 'cnpg-system',
  eck: 'elastic-system',
} as const;
