/** The thread behind `openSession`: carries out one request after another on a local session. */
import { answerRequests } from './answer-requests.ts'
import { type NamedValues, openLocalSession, type Session } from './session.ts'
import type { Request } from './worker-session.ts'

let session: Session | undefined

answerRequests(async (request: Request): Promise<NamedValues> => {
  if (request.call === 'open') {
    session = await openLocalSession(request.options)
    return {}
  }
  if (session === undefined) throw new Error('the session is not open')
  if (request.call === 'run') return session.run(request.program, request.feeds)
  if (request.call === 'read') return session.read(request.names)
  if (request.call === 'write') await session.write(request.state)
  else if (request.call === 'load') await session.load(request.name, request.program)
  else await session.close()
  return {}
})
