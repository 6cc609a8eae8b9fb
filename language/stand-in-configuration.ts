import { listenAddress } from './service-configuration.ts';
import { object, optional, recordOf, text, whole } from './shape.ts';
import type { Read, Written } from './shape.ts';
import { LABEL, NOT_EMPTY } from './text-form.ts';

/** Names the file that what stands in for a system outside the platform reads its configuration from. */
export const STAND_IN_FILE_VARIABLE = 'MERIDIAN_STAND_IN_FILE';

/** Where it lies, relative to its working folder as all paths in it. */
export const STAND_IN_FILE = 'config/stand-in.json';

/** Where it answers 200 once it serves. */
export const STAND_IN_HEALTH_PATH = '/healthz';

/** Where it sends webhooks: the platform's own edge, as the system that it stands in for would. */
const webhooks = object({
  /** The whole address, such as 'https://localhost:8443/v1/webhooks/payment-provider'. */
  url: text({ fits: /^https:\/\/[^/?#]+\/[^?#]+$/, allowed: 'an https URL' }),
  /** Certificates to trust, in PEM; read again at each connection. @default those of Node.js */
  caFile: optional(text(NOT_EMPTY)),
  /**
   * Where to connect instead of the URL's host, whose name the certificate must have all the same.
   * @default where DNS leads
   */
  connectTo: optional(object({ host: text(NOT_EMPTY), port: whole(1, 65_535) })),
});

/** The configuration of what stands in for a system outside the platform, which components/external writes. */
export const STAND_IN_CONFIGURATION = object({
  /** Its own name, which says that it stands in: 'payment-provider-stand-in'. */
  name: text(LABEL),
  listen: listenAddress,
  /** The only folder that it writes to; what lies there is there again after a restart. */
  dataFolder: text(NOT_EMPTY),
  /** Files by the name of the secret, such as 'api-key'; one secret a line, the current one first. */
  secretFiles: recordOf(text(NOT_EMPTY)),
  /** What of the system is ours, such as a bucket. @default nothing */
  parameters: optional(recordOf(text(NOT_EMPTY))),
  /** @default it sends none */
  webhooks: optional(webhooks),
  /** Numbers that it knows, such as a percentage of declines. */
  behaviour: recordOf(whole(0, 1_000_000_000)),
});

/** Such a configuration as it is read. */
export type StandInConfiguration = Read<typeof STAND_IN_CONFIGURATION>;

/** Such a configuration as it is written. */
export type StandInConfigurationFile = Written<typeof STAND_IN_CONFIGURATION>;
