import {
  TARGET_FILES,
  TARGET_LISTEN,
  TARGET_PROCESS,
} from '@meridian/provider-local/resources/observation-files.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { ENGINE_METRICS_PROCESS } from '../engines/monitor.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { PROBE } from '../probes.ts';
import { LOGS_USER, logsPasswordFile } from './victorialogs.ts';
import { scrapingTls } from './telemetry-tls.ts';

/** Which of the targets that agents tell of a job has, and how it asks them. */
interface Job {
  readonly name: string;
  /** Fits the whole name of the process (RE2). */
  readonly process: string;
  readonly listen: string;
  /** How it is asked, in words of Prometheus' scrape_config. */
  readonly asked: object;
}

/** Every service, over mutual TLS, each a job of its own: its name is in the certificate that is expected. */
export function serviceScrapes({ graph }: LoweringContext): readonly object[] {
  const zones = graph.zones.map(({ name }) => name).join('|');
  return graph.services.map(({ name }) =>
    scrapeOf({
      name,
      process: `${name}-(${zones})-[0-9]+`,
      listen: 'metrics',
      asked: { scheme: 'https', tls_config: scrapingTls(name) },
    }),
  );
}

/** Whoever asks the engines, which says for all of them how they are. */
export function engineScrape(): object {
  const name = ENGINE_METRICS_PROCESS;
  const asked = { scheme: 'https', tls_config: scrapingTls(name) };
  return scrapeOf({ name, process: name, listen: 'metrics', asked });
}

/** What asks the platform from each zone as users do. */
export function probeScrape({ graph }: LoweringContext): object {
  const zones = graph.zones.map(({ name }) => name).join('|');
  const asked = { scheme: 'https', tls_config: scrapingTls(PROBE) };
  return scrapeOf({ name: PROBE, process: `${PROBE}-(${zones})`, listen: 'metrics', asked });
}

/** Envoy, at its admin port on loopback: what it has counted since it started. */
export function edgeScrape(): object {
  return scrapeOf({
    name: 'envoy',
    process: 'envoy',
    listen: 'admin',
    asked: { metrics_path: '/stats/prometheus', params: { usedonly: [''] } },
  });
}

/** What telemetry says of itself, which Prometheus asks for without the collector. */
export function telemetryScrapes({ settings }: LoweringContext): readonly object[] {
  const secure = (part: string) => ({ scheme: 'https', tls_config: scrapingTls(part) });
  const passwordFile = logsPasswordFile(settings.passwordGeneration);
  const asUser = {
    basic_auth: {
      username: LOGS_USER,
      password_file: passwordFile.replace('${state}', '${state:json}'),
    },
  };
  return [
    partScrape('prometheus', 'https', secure('prometheus')),
    partScrape('alertmanager', 'https', secure('alertmanager')),
    partScrape('victorialogs', 'https', { ...secure('victorialogs'), ...asUser }),
    partScrape('collector', 'metrics', {}),
  ];
}

function partScrape(part: string, listen: string, asked: object): object {
  return scrapeOf({ name: part, process: part, listen, asked });
}

function scrapeOf({ name, process, listen, asked }: Job): object {
  return {
    job_name: name,
    scrape_interval: `${SCRAPE_INTERVAL_SECONDS}s`,
    ...asked,
    file_sd_configs: [{ files: [TARGET_FILES], refresh_interval: '30s' }],
    relabel_configs: [
      { action: 'keep', source_labels: [TARGET_PROCESS], regex: process },
      { action: 'keep', source_labels: [TARGET_LISTEN], regex: listen },
    ],
  };
}
