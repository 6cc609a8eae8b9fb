import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { childEnvironment } from '../../../tools/meridian/pulumi-environment.ts';
import { program } from './programs.ts';

/** Whose stack it is, and where. */
export interface PulumiPlace {
  /** With the folders `home` and `backend`, which are there. */
  readonly root: string;
  /** Folder of the language host. */
  readonly languageHost: string;
  /** Of whoever deploys. */
  readonly kubeconfig: string;
}

/** What Pulumi's engine gets, and its provider for Kubernetes with it, to keep a stack of its own below a folder. */
export function pulumiEnvironment({
  root,
  languageHost,
  kubeconfig,
}: PulumiPlace): Readonly<Record<string, string>> {
  const home = join(root, 'home');
  return {
    ...childEnvironment(),
    PATH: [
      languageHost,
      process.env['MERIDIAN_PULUMI_BIN'] ?? '',
      // The engine takes a provider from there and looks for none in the network.
      dirname(program('pulumi-kubernetes', 'pulumi-resource-kubernetes')),
      // What checks the cluster reaches it by kubectl.
      dirname(program('kubernetes', 'kubectl')),
      dirname(process.execPath),
      '/usr/bin',
      '/bin',
    ].join(delimiter),
    HOME: home,
    KUBECONFIG: kubeconfig,
    MERIDIAN_NODE: process.execPath,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: pathToFileURL(join(root, 'backend')).href,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
}
