/** Stands where parts of sdk-node would be that the kit never uses: load-sdk.ts says which. */
class Unused {}

function unused(): void {}

export {
  Unused as B3InjectEncoding,
  Unused as B3Propagator,
  Unused as OTLPLogExporter,
  Unused as OTLPMetricExporter,
  Unused as OTLPTraceExporter,
  Unused as PrometheusExporter,
  Unused as ZipkinExporter,
  unused as registerInstrumentations,
  unused as startNodeSDK,
  unused as startNodeSdk,
};
