/** File of the hashes of the passwords of a node's users, with the placeholder `${state}`. */
export function elasticsearchUsersFile(process: string): string {
  return `\${state}/credentials/${process}.users`;
}

/** Where the password of a user lies, with the placeholder `${state}`; mode 600. */
export function elasticsearchPasswordFile(process: string, user: string): string {
  return `\${state}/credentials/${process}-${user}`;
}
