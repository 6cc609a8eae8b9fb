import { join } from 'node:path';
import { programFolder } from '../../end-to-end/platform-under-test.ts';
import { addCertManager } from './cert-manager.ts';
import { addArgoRollouts, addCustomResources, addNamespace } from './controllers.ts';
import { DeployedStack } from './deployed-stack.ts';
import { addWhatIsNeeded } from './needed.ts';
import { addNodes } from './nodes.ts';
import { OperatorsStandIn } from './operators-stand-in.ts';
import { ProgramCopy } from './program-copy.ts';
import { TestCluster } from './test-cluster.ts';

/** Name of who deploys: a user like any other, with the role that docs/deploying.md gives. */
const DEPLOYER = 'deployer';

/** What whoever installs the operators has made before; docs/deploying.md lists them. */
const OPERATOR_NAMESPACES = [
  'argo-rollouts',
  'cert-manager',
  'cnpg-system',
  'elastic-system',
  'envoy-gateway-system',
  'keda',
  'spiffe-driver',
  'strimzi-system',
];

const NETWORKS = ['203.0.113.0/24'];

/** The setting that says where systems outside are; the payment provider is wherever the caller says. */
export function externals(paymentProvider: {
  readonly uri: string;
  readonly networks: readonly string[];
}): string {
  return JSON.stringify({
    'payment-provider': paymentProvider,
    'checkpoint-store': {
      uri: 'https://s3.example',
      networks: NETWORKS,
      bucket: 'heads',
      region: 'eu-central-1',
    },
  });
}

/** What somebody has set who deploys to a cluster of another team's: addresses are of RFC 5737 and lead nowhere. */
export const SETTINGS: Readonly<Record<string, string>> = {
  operators: 'installed',
  registry: 'registry.example/meridian',
  host: 'shop.example',
  externals: externals({ uri: 'https://api.provider.example', networks: NETWORKS }),
  telemetryStore: JSON.stringify({
    uri: 'https://s3.example',
    region: 'eu-central-1',
    bucket: 'telemetry',
    networks: NETWORKS,
  }),
};

/** A cluster whose operators somebody has installed, and the program in the hands of a user who may deploy to it. */
export interface Deployment extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly operators: OperatorsStandIn;
  readonly program: ProgramCopy;
  readonly stack: DeployedStack;
  /** Of the user. */
  readonly kubeconfig: string;
}

/**
 * Makes all of it; nothing is deployed yet.
 *
 * @param isFit whether the cluster has all that a deployment asks of it
 */
export async function startDeployment(isFit = true): Promise<Deployment> {
  const cluster = await TestCluster.start();
  const stack = new AsyncDisposableStack();
  stack.use(cluster);
  try {
    await addNodes(cluster);
    if (isFit) stack.use(await addWhatIsNeeded(cluster));
    await addCustomResources(cluster);
    for (const name of OPERATOR_NAMESPACES) await addNamespace(cluster, name);
    await addArgoRollouts(cluster);
    await addCertManager(cluster);
    const operators = stack.use(await OperatorsStandIn.start(cluster));
    const program = await ProgramCopy.create(cluster);
    const kubeconfig = await addDeployer(cluster);
    const deployed = stack.use(
      await DeployedStack.create(cluster, { program, kubeconfig, settings: SETTINGS }),
    );
    const all = stack.move();
    return {
      cluster,
      operators,
      program,
      stack: deployed,
      kubeconfig,
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Gives a user the documented role, and gives the user's kubeconfig. */
async function addDeployer(cluster: TestCluster): Promise<string> {
  await cluster.kubectl('apply', '-f', join(programFolder, 'docs/deployer-role.yaml'));
  const binding = ['create', 'clusterrolebinding', 'meridian-deployer'];
  await cluster.kubectl(...binding, '--clusterrole=meridian-deployer', `--user=${DEPLOYER}`);
  return await cluster.authority.writeKubeconfig(cluster.server, { name: DEPLOYER });
}
