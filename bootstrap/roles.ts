import { iam } from '@pulumi/aws';
import { accountNames } from '@meridian/components/aws/account-names.ts';
import { AUDIENCE, boundaryPolicy, deployPolicy, deployTrust, GITHUB } from './deploy-policies.ts';
import { breakGlassTrust, notStates, readOnlyTrust } from './people-policies.ts';
import type { BootstrapSettings } from './settings.ts';

/** Seconds that a session of people lasts at most. */
const SESSION_SECONDS = 3_600;

/** The first deployment makes a cluster, engines and nodes one zone after the other. */
const DEPLOY_SECONDS = 7_200;

/** Declares who may deploy, who may look, who may break the glass, and what holds for every role of the platform. */
export function declareRoles(settings: BootstrapSettings): void {
  const names = accountNames(settings.environment);
  new iam.OpenIdConnectProvider('github', {
    url: `https://${GITHUB}`,
    clientIdLists: [AUDIENCE],
  });
  new iam.Policy(
    'boundary',
    {
      name: names.boundary,
      description: 'The most that a role of the platform can do',
      policy: JSON.stringify(boundaryPolicy(settings)),
    },
    { protect: true },
  );
  const deploy = new iam.Role(
    'deploy',
    {
      name: names.deploy,
      description: 'Changes the platform, from the environment of the repository alone',
      assumeRolePolicy: JSON.stringify(deployTrust(settings)),
      maxSessionDuration: DEPLOY_SECONDS,
    },
    { protect: true },
  );
  new iam.RolePolicy('deploy', {
    role: deploy.name,
    policy: JSON.stringify(deployPolicy(settings)),
  });
  const readOnly = new iam.Role('read-only', {
    name: names.readOnly,
    description: 'Looks at the platform, and at no secret',
    assumeRolePolicy: JSON.stringify(readOnlyTrust(settings)),
    maxSessionDuration: SESSION_SECONDS,
  });
  attach('read-only', readOnly, 'ReadOnlyAccess');
  new iam.RolePolicy('read-only', {
    role: readOnly.name,
    policy: JSON.stringify(notStates(settings)),
  });
  const breakGlass = new iam.Role(
    'break-glass',
    {
      name: names.breakGlass,
      description: 'For when nothing else works: whoever takes it is seen',
      assumeRolePolicy: JSON.stringify(breakGlassTrust(settings)),
      maxSessionDuration: SESSION_SECONDS,
    },
    { protect: true },
  );
  attach('break-glass', breakGlass, 'AdministratorAccess');
}

function attach(name: string, role: iam.Role, policy: string): void {
  new iam.RolePolicyAttachment(name, {
    role: role.name,
    policyArn: `arn:aws:iam::aws:policy/${policy}`,
  });
}
