/** A shell command that pushes one post, signed as Standard Webhooks asks: HMAC-SHA256 of `id.timestamp.body`. */
export function pushExample(address: string, secret: string | null): string {
  return `secret='${secret ?? "whsec_…"}'
body='{"id":"1","text":"Hello, Molva","url":"https://example.org/1","published_at":"'$(date -u +%FT%TZ)'","author":{"name":"Olena"}}'
id=msg_$(date +%s%N); time=$(date +%s)
key=$(printf %s "\${secret#whsec_}" | base64 -d | od -An -vtx1 | tr -d ' \\n')
signature=$(printf '%s.%s.%s' "$id" "$time" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl '${address}' -H 'content-type: application/json' \\
  -H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" \\
  -d "$body"`;
}
