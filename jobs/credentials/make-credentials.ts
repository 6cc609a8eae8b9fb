import { randomBytes } from 'node:crypto';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { CredentialsOrder, EngineForm } from './credentials-order.ts';
import { SecretStore } from './secret-store.ts';
import type { WantedSecret } from './secret-store.ts';

/** Written in hexadecimal digits, which need no quotes anywhere. */
const PASSWORD_BYTES = 32;

/** What a run did, without a word of what it made. */
export interface CredentialsMade {
  readonly kept: readonly string[];
  readonly made: readonly string[];
}

/**
 * Makes sure that every user has a password of the order's generation, in the Secrets of the engine
 * first and then in the bindings: the next run continues one that ended between the two.
 * @throws {CodedError} API_REFUSED, API_NOT_REACHED
 */
export async function makeCredentials(
  order: CredentialsOrder,
  api: ApiClient,
): Promise<CredentialsMade> {
  const { engineForm, generation, namespace, users } = order;
  const store = new SecretStore(api, generation);
  const names = users.map(({ name }) => name);
  const kept = await passwordsOf(engineForm, names, generation, store);
  const passwords = Object.fromEntries(
    names.map((name) => [name, kept[name] ?? randomBytes(PASSWORD_BYTES).toString('hex')]),
  );
  for (const secret of engineSecrets(engineForm, passwords)) await store.ensure(secret);
  for (const { name, bindings } of users) {
    for (const { secret, properties } of bindings) {
      await store.ensure({
        namespace,
        name: secret,
        type: `servicebinding.io/${properties['type'] ?? ''}`,
        values: { ...properties, password: passwords[name] ?? '' },
      });
    }
  }
  return {
    kept: names.filter((name) => name in kept),
    made: names.filter((name) => !(name in kept)),
  };
}

/** Those passwords of the users that are of the generation, by user. */
async function passwordsOf(
  form: EngineForm,
  users: readonly string[],
  generation: number,
  store: SecretStore,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    users.map(async (user) => {
      const { name, key } = placeOf(form, user);
      const secret = await store.find(form.namespace, name);
      const password = secret?.generation === generation ? secret.values[key] : undefined;
      return password === undefined || password === '' ? [] : [[user, password] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

function placeOf(form: EngineForm, user: string): { readonly name: string; readonly key: string } {
  switch (form.kind) {
    case 'keyed':
      return { name: form.secret, key: user };
    case 'basic-auth':
      return { name: form.secrets[user]?.secret ?? '', key: 'password' };
  }
}

function engineSecrets(
  form: EngineForm,
  passwords: Readonly<Record<string, string>>,
): readonly WantedSecret[] {
  const { namespace } = form;
  switch (form.kind) {
    case 'keyed':
      return [namespace, ...(form.copies ?? [])].map((place) => ({
        namespace: place,
        name: form.secret,
        type: 'Opaque',
        values: passwords,
      }));
    case 'basic-auth':
      return Object.entries(form.secrets).map(([username, { secret, roles }]) => ({
        namespace,
        name: secret,
        type: 'kubernetes.io/basic-auth',
        values: { username, password: passwords[username] ?? '', roles },
      }));
  }
}
