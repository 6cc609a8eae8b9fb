import { describe, expect, test } from '@jest/globals';
import { sampleSettings, sampleSources } from '../testing/sample-stack.ts';
import { isTelemetryLanded, TELEMETRY_ENGINES, traceReceivers } from './local-places.ts';

const installed = Object.fromEntries(TELEMETRY_ENGINES.map((engine) => [engine, '1.0.0']));
const settings = { ...sampleSettings, telemetry: true };

describe('what receives telemetry on this machine', () => {
  test('is there where all of its engines are installed', () => {
    expect(isTelemetryLanded({ settings, sources: { installed } })).toBe(true);
    expect(traceReceivers({ settings, sources: { installed } })).toEqual([
      { address: '127.0.8.2', port: settings.portBase + 16 },
    ]);
  });

  test.each([...TELEMETRY_ENGINES])('is not there as long as %s is not installed', (engine) => {
    const others = Object.entries(installed).filter(([name]) => name !== engine);
    const sources = { ...sampleSources, installed: Object.fromEntries(others) };
    expect(isTelemetryLanded({ settings, sources })).toBe(false);
    expect(traceReceivers({ settings, sources })).toEqual([]);
  });

  test('is not there where the stack leaves it out', () => {
    const choice = { settings: { ...settings, telemetry: false }, sources: { installed } };
    expect(isTelemetryLanded(choice)).toBe(false);
  });
});
