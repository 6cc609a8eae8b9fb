import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';

/** How AWS is asked; what is secret in it is handed to the SDK and printed nowhere. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;
  /** Tries of a call, the first too. */
  readonly maxAttempts: number;
}

/** Twice: a check that is late says so, and is asked for again. */
const TRIES = 2;

/** How to get credentials, for whoever has none. */
export const GET_CREDENTIALS =
  "sign in ('aws sso login --profile NAME', then AWS_PROFILE=NAME), or take the role that looks ('aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/meridian-prod-read-only --role-session-name doctor'), and run it again";

/**
 * Looks for credentials where every program of AWS does: environment, profile, single sign-on, web identity, the machine.
 *
 * @throws {CodedError} DOCTOR_WITHOUT_CREDENTIALS
 */
export async function awsAccess(region: string): Promise<AwsAccess> {
  try {
    const credentials = await fromNodeProviderChain({ clientConfig: { region } })();
    return { region, credentials, maxAttempts: TRIES };
  } catch (cause) {
    throw new CodedError(
      'DOCTOR_WITHOUT_CREDENTIALS',
      `Credentials of AWS: must be in the environment, a profile, a single sign-on or a web identity, got none (${messageOf(cause)}); ${GET_CREDENTIALS}`,
      { cause },
    );
  }
}
