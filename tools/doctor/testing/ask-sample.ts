import { expect } from '@jest/globals';
import type { Answer, Outcome } from '../answer.ts';
import { askClouds } from '../stack-doctor.ts';
import { cloudsStandIn, queryError } from './clouds-stand-in.ts';
import type { Operation } from './clouds-stand-in.ts';
import { dnsStandIn } from './dns-stand-in.ts';
import { goodClouds, ZONE_SERVERS } from './good-clouds.ts';
import { sampleNeeds } from './sample-needs.ts';

const SECRET = 'a-secret-key-of-nobody';
const TOKEN = 'a-token-of-nobody';

const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** An environment in which nobody has credentials but these. */
export const environmentOfNobody = { ...credentials, HOME: '/nonexistent' };

/** What was told, and what was asked for it. */
export interface Told {
  readonly answers: readonly Answer[];
  readonly asked: readonly string[];
}

/** Asks clouds that have all of it, but that some operations are answered otherwise. */
export async function ask(
  otherwise: Readonly<Record<string, Operation>> = {},
  { nameServers = ZONE_SERVERS, token = TOKEN, limitMs = 5_000, needs = sampleNeeds } = {},
): Promise<Told> {
  using clouds = await cloudsStandIn({ ...goodClouds(needs), ...otherwise });
  using dns = await dnsStandIn(nameServers);
  process.env['AWS_ENDPOINT_URL'] = clouds.url;
  const answers = await askClouds(needs, {
    environment: { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_BASE_URL: clouds.url },
    resolvers: [dns.resolver],
    limitMs,
  });
  // Whoever is asked may know who asks, and nobody prints it.
  expect(JSON.stringify(answers)).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
  return { answers, asked: clouds.asked.map(({ operation }) => operation) };
}

/** Lines of an outcome. */
export const texts = ({ answers }: Told, of: Outcome): readonly string[] =>
  answers.filter(({ outcome }) => outcome === of).map(({ about, said }) => `${about}: ${said}`);

/** An operation that answers with this. */
export const xml = (body: unknown) => () => ({ body });
/** An operation that refuses. */
export const fault = (code: string) => () => ({ status: 400, body: queryError(code, 'no') });
/** Numbers at Cloudflare. */
export const { zoneId, accountId } = sampleNeeds.cloudflare;
/** The zone otherwise than it is. */
export const zone = (changed: object): Readonly<Record<string, Operation>> => ({
  [`GET /zones/${zoneId}`]: xml({
    success: true,
    result: {
      ...{ name: 'meridian.example', status: 'active', name_servers: ZONE_SERVERS },
      ...{ plan: { legacy_id: 'pro' }, account: { id: accountId }, ...changed },
    },
  }),
});
