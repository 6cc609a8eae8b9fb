/** Stands where parts of sdk-node would be that the kit never uses: load-sdk.ts says which. */
function unused(): undefined {
  return undefined;
}

export {
  unused as B3InjectEncoding,
  unused as B3Propagator,
  unused as OTLPLogExporter,
  unused as OTLPMetricExporter,
  unused as OTLPTraceExporter,
  unused as PrometheusExporter,
  unused as ZipkinExporter,
  unused as registerInstrumentations,
  unused as startNodeSDK,
  unused as startNodeSdk,
};
