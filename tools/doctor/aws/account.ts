import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { failed, passed } from '../answer.ts';
import type { Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import { GET_CREDENTIALS } from './aws-access.ts';
import type { AwsAccess } from './aws-access.ts';

/** What AWS says of credentials that it does not take. Source: AWS STS API Reference, "Common Errors" */
const REFUSED: readonly string[] = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

/**
 * Whose credentials these are: of another account every other answer would be about that one. It throws CodedError
 * DOCTOR_WITHOUT_CREDENTIALS where AWS refuses them.
 */
export function accountCheck(access: AwsAccess, { account, region }: StackNeeds): Check {
  const about = `Account '${account}'`;
  return {
    about,
    run: async (signal) => {
      const { Account: got, Arn: who = 'nobody' } = await identity(access, signal);
      return [
        got === account
          ? passed(about, `is the one of ${who}, asked in '${region}'`)
          : failed(
              about,
              `must be the one of these credentials, got '${got ?? 'none'}' (${who}); take others, or set aws:allowedAccountIds`,
            ),
      ];
    },
  };
}

async function identity(access: AwsAccess, signal: AbortSignal) {
  try {
    return await new STSClient(access).send(new GetCallerIdentityCommand({}), {
      abortSignal: signal,
    });
  } catch (cause) {
    if (!(cause instanceof Error) || !REFUSED.includes(cause.name)) throw cause;
    throw new CodedError(
      'DOCTOR_WITHOUT_CREDENTIALS',
      `Credentials of AWS: must be ones that it takes, got refused (${cause.name}); ${GET_CREDENTIALS}`,
      { cause },
    );
  }
}
