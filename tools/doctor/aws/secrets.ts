import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { failed, passed } from '../answer.ts';
import type { Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** Whether what a deployment reads from Secrets Manager is there. Its values are not asked for. */
export function secretChecks(access: AwsAccess, { secrets }: StackNeeds): readonly Check[] {
  return secrets.map((name) => {
    const about = `Secret '${name}'`;
    return {
      about,
      run: async (signal) => {
        try {
          const { DeletedDate: deleted, VersionIdsToStages: versions = {} } =
            await new SecretsManagerClient(access).send(
              new DescribeSecretCommand({ SecretId: name }),
              { abortSignal: signal },
            );
          if (deleted !== undefined) {
            return [
              failed(
                about,
                'must stay, got one that is to be deleted; run aws secretsmanager restore-secret',
              ),
            ];
          }
          if (!Object.values(versions).flat().includes('AWSCURRENT')) {
            return [
              failed(about, 'must have a value, got none; run aws secretsmanager put-secret-value'),
            ];
          }
          return [passed(about, 'is there')];
        } catch (cause) {
          if (!(cause instanceof Error) || cause.name !== 'ResourceNotFoundException') throw cause;
          return [
            failed(
              about,
              'must be in Secrets Manager, got none; docs/deploying.md says what is in it',
            ),
          ];
        }
      },
    };
  });
}
