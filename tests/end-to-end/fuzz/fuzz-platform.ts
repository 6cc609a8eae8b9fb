import path from 'node:path';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { Shopper } from '../shopper.ts';
import { fuzz, SEED } from './fuzzer.ts';
import type { Fuzzing } from './fuzzer.ts';
import { judge } from './judge.ts';
import type { JudgedDocument } from './judge.ts';

/** Who asks: somebody with a role, or nobody. */
export const FUZZING_ROLES = ['customer', 'merchant', 'support', 'auditor', undefined] as const;

/** What a fuzzer is to ask by itself, after everything else: nobody asks as that account any more then. */
const LAST = 'Identity_DeleteAccount';

/** Operations that a fuzzer is not to ask along with the others, each with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  [LAST]: 'a lucky guess ends the account that asks, and all that follows is 401',
  Payments_ReceiveWebhook: 'its callers sign what they send, which the document cannot say',
};

/** How an API that was asked at random did. */
export interface Fuzzed {
  /** In words: by whom, how often, with which seed. */
  readonly run: string;
  /** By the statuses that came. */
  readonly answers: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
}

/** Has the edge of a platform asked at random by somebody with a role, and judges by its own document. */
export async function fuzzPlatform(
  platform: PlatformUnderTest,
  role: (typeof FUZZING_ROLES)[number],
  more: Pick<Fuzzing, 'examples' | 'only'>,
): Promise<Fuzzed> {
  const credentials = await credentialsOf(platform, role);
  const { body } = await platform.get('/openapi.json');
  const document = JSON.parse(body) as JudgedDocument;
  const leftOut = Object.keys(LEFT_OUT).filter((id) => id !== more.only);
  const report = await fuzz({
    origin: `https://localhost:${platform.edgePort}`,
    root: path.join(platform.state, 'pki/root.crt'),
    ...(credentials === undefined ? {} : { credentials }),
    leftOut,
    ...more,
  });
  const answers: Record<string, number> = {};
  for (const { answer } of report.cases) {
    const status = String(answer?.status ?? 'none');
    answers[status] = (answers[status] ?? 0) + 1;
  }
  const { only } = more;
  const asked = only === undefined ? document : operationOf(document, only);
  return {
    run: `${report.cases.length} cases with the seed ${SEED}, asked by ${role ?? 'nobody'}`,
    answers,
    findings: judge(asked, report, { role, leftOut }),
  };
}

/** The ids of all operations that a fuzzer asks one by one, in this order. */
export async function fuzzedOperations(platform: PlatformUnderTest): Promise<readonly string[]> {
  const { body } = await platform.get('/openapi.json');
  const { paths } = JSON.parse(body) as JudgedDocument;
  const ids = Object.values(paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  );
  return [...ids.filter((id) => !Object.hasOwn(LEFT_OUT, id)), LAST];
}

function operationOf({ paths }: JudgedDocument, id: string): JudgedDocument {
  const items = Object.entries(paths).map(([key, item]) => {
    const kept = Object.entries(item).filter(([, { operationId }]) => operationId === id);
    return [key, Object.fromEntries(kept)] as const;
  });
  return { paths: Object.fromEntries(items) };
}

async function credentialsOf(
  platform: PlatformUnderTest,
  role: string | undefined,
): Promise<Fuzzing['credentials']> {
  if (role === undefined) return undefined;
  const asker =
    role === 'customer'
      ? await Shopper.register(platform, 'fuzzer')
      : await Shopper.withRole(platform, role);
  return asker.credentials;
}
