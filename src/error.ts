/**
 * A mistake of the user's or of their data: printed without a stack.
 * `message` says what is wrong, with which value and where; `next` what to do about it.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly next: string | undefined

  constructor(message: string, next?: string, options?: ErrorOptions) {
    super(message, options)
    this.next = next
  }
}
