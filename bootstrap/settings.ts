import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';

/** What a bootstrap is told. */
export interface BootstrapSettings {
  readonly environment: string;
  readonly region: string;
  /** The account's number, 12 digits. */
  readonly account: string;
  /**
   * Owner and name of the repository at GitHub from which the platform is deployed, as its tokens say them: with the number of each behind an `@`, where GitHub
   * writes them so. Source: GitHub changelog of 23 April 2026, "Immutable subject claims for GitHub Actions OIDC tokens" (of each repository that is
   * made or renamed since 15 July 2026)
   */
  readonly repository: string;
  /** Who is written to when the glass is broken, a key is to be deleted or the month gets dear. */
  readonly alarmEmail: string;
  /** What a month may cost, in US dollars, tax not included. */
  readonly budgetUsdMonth: number;
  /** Users and roles of the account who may look, and with a second factor break the glass. */
  readonly people: readonly string[];
  /** Names of images that the account keeps in a registry of its own; none where they are elsewhere. */
  readonly images: readonly string[];
}

const list = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a list' });
    return z.NEVER;
  }
});

const schema = z.strictObject({
  'aws:region': z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region, such as 'us-east-1'"),
  'aws:allowedAccountIds': list.pipe(
    z.tuple([z.string().regex(/^\d{12}$/)], 'must be a list of one account, 12 digits'),
  ),
  'meridian-bootstrap:repository': z
    .string()
    .regex(
      /^[\w.-]+\/[\w.-]+$|^[\w.-]+@\d+\/[\w.-]+@\d+$/,
      "must be a repository at GitHub, such as 'example/meridian' or 'example@123456/meridian@456789'",
    ),
  'meridian-bootstrap:alarmEmail': z.email('must be an address of electronic mail'),
  'meridian-bootstrap:budgetUsdMonth': z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number of US dollars, 1 to 9999999')
    .transform(Number),
  'meridian-bootstrap:people': list.pipe(
    z
      .array(z.string().regex(/^arn:aws:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/))
      .min(1, "must be a list of users or roles, such as 'arn:aws:iam::111122223333:user/example'"),
  ),
  'meridian-bootstrap:images': list
    .pipe(
      z.array(
        z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "must be names of images, such as 'catalog'"),
      ),
    )
    .optional(),
});

/**
 * Reads the settings of a bootstrap.
 *
 * @param config all that Pulumi knows, by its whole key
 * @throws {CodedError} SETTINGS_INVALID with every problem
 */
export function bootstrapSettings(
  environment: string,
  config: Readonly<Record<string, string>>,
): BootstrapSettings {
  const read = schema.safeParse(config);
  if (!read.success) {
    const problems = read.error.issues.map(
      ({ path, message }) =>
        `Setting '${path.join('.')}': ${message}; set it in bootstrap/Pulumi.${environment}.yaml`,
    );
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
  const given = read.data;
  const [account] = given['aws:allowedAccountIds'];
  const people = given['meridian-bootstrap:people'];
  const others = people.filter((person) => person.split(':')[4] !== account);
  if (others.length > 0) {
    const problem = `Setting 'meridian-bootstrap:people': must be of account '${account}', got '${others.join("', '")}'; set it in bootstrap/Pulumi.${environment}.yaml`;
    throw new CodedError('SETTINGS_INVALID', problem, { problems: [problem] });
  }
  return {
    environment,
    region: given['aws:region'],
    account,
    repository: given['meridian-bootstrap:repository'],
    alarmEmail: given['meridian-bootstrap:alarmEmail'],
    budgetUsdMonth: given['meridian-bootstrap:budgetUsdMonth'],
    people,
    images: given['meridian-bootstrap:images'] ?? [],
  };
}
