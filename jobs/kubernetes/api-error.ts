import { CodedError } from '@meridian/language/coded-error.ts';

/**
 * What may come of asking again. `passing`: the API server, or the way to it, is in trouble. `refused`:
 * it does not know us, or not what we may; a token that the kubelet has just replaced and a role that
 * the server has yet to hear of look so for a moment. `lasting`: the same question has the same answer.
 */
export type ApiTrouble = 'passing' | 'refused' | 'lasting';

/** A question to the API server that was not answered as hoped. */
export class ApiError extends CodedError {
  readonly trouble: ApiTrouble;

  constructor(code: string, message: string, trouble: ApiTrouble, options?: ErrorOptions) {
    super(code, message, options);
    this.trouble = trouble;
  }
}

/** By the status of an answer. Source: Kubernetes API conventions, "HTTP Status codes". */
export function troubleOfStatus(status: number): ApiTrouble {
  if (status === 401 || status === 403) return 'refused';
  return status === 408 || status === 429 || status >= 500 ? 'passing' : 'lasting';
}
