/** A request that is not answered, as OpenAI's API tells it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status. */
  readonly status: number
  readonly code: string
  /** The part of the request that is wrong. */
  readonly param: string | null

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }
}

/** The body of an error response, or of an event where an answer had begun. */
export function errorBody({ status, code, message, param }: ApiError): object {
  const type =
    status === 401 ? 'authentication_error' : status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message, type, param, code } }
}
