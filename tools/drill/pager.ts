import { PAGER_SEVERITY, PAGER_STAND_IN } from '@meridian/components/observability/paging/pager.ts';
import { SEVERITIES } from '@meridian/components/model/alert.ts';
import type { Severity } from '@meridian/components/model/alert.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { z } from 'zod';
import type { PlatformView } from './platform-view.ts';

const answer = z.object({
  incidents: z.array(
    z.object({
      dedupKey: z.string(),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      payload: z.object({
        summary: z.string(),
        severity: z.string(),
        component: z.string().optional(),
        class: z.string().optional(),
        details: z.looseObject({
          runbook_url: z.string().optional(),
          runbook: z.string().optional(),
        }),
      }),
      triggers: z.int(),
      triggeredAt: z.number(),
      resolvedAt: z.number().optional(),
    }),
  ),
});

/** What the person on call was told of one fault. */
export interface Told {
  readonly key: string;
  /** Undefined where it is none of the platform's, such as a heartbeat that is missed. */
  readonly severity: Severity | undefined;
  readonly alert: string;
  readonly about: string;
  /** The first line. */
  readonly summary: string;
  /** As the page has it, such as docs/runbooks/engine-away.md. */
  readonly runbook: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly resolvedAt: number | undefined;
}

const TIMEOUT_MS = 5_000;

/** What stands in for PagerDuty, asked for what arrived there. */
export class Pager {
  readonly #url: string;

  /** @throws {CodedError} TELEMETRY_ABSENT */
  constructor(platform: PlatformView) {
    const [found] = platform.named(new RegExp(`^${PAGER_STAND_IN}$`));
    const listen = found?.process.listens[0];
    if (listen === undefined) throw absent();
    this.#url = `http://${listen.address}:${listen.port}/stand-in/incidents`;
  }

  /** All that was told since a moment. @throws {CodedError} PAGER_UNREACHABLE */
  async toldSince(sinceMs: number): Promise<readonly Told[]> {
    const { incidents } = answer.parse(await this.#ask());
    return incidents
      .filter(({ triggeredAt }) => triggeredAt >= sinceMs)
      .map(({ dedupKey, payload, triggeredAt, resolvedAt }) => ({
        key: dedupKey,
        severity: SEVERITIES.find((severity) => PAGER_SEVERITY[severity] === payload.severity),
        alert: payload.class ?? '',
        about: payload.component ?? '',
        summary: payload.summary,
        runbook: payload.details.runbook_url ?? payload.details.runbook ?? '',
        at: triggeredAt,
        resolvedAt,
      }));
  }

  async #ask(): Promise<unknown> {
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return await response.json();
    } catch (cause) {
      throw new CodedError(
        'PAGER_UNREACHABLE',
        `Pager: what stands in for it must answer at ${this.#url}, got ${messageOf(cause)}; see 'npm run logs -- ${PAGER_STAND_IN}'`,
        { cause },
      );
    }
  }
}

function absent(): CodedError {
  return new CodedError(
    'TELEMETRY_ABSENT',
    "Telemetry: must have joined the platform before a drill can end in a page, got none; 'npm run status' shows how it stands",
  );
}
