// Checks a document against OpenAPI's own schema.
import { Validator } from '@seriousme/openapi-schema-validator'

export async function validate(document) {
  const result = await new Validator().validate(document)
  if (!result.valid) throw new Error(JSON.stringify(result.errors).slice(0, 2000))
  if (document.openapi !== '3.1.0') throw new Error('not OpenAPI 3.1')
}
