import got from 'got';

await got.post(`${process.env.RETROSPEC_URL}/api/v0/chunks/TESTSERIAL`, {
  body: 'chunk',
  retry: {
    limit: 5,
    methods: ['POST'],
    statusCodes: [429, 502, 503, 504],
    errorCodes: ['ECONNREFUSED', 'ENOTFOUND', 'ENETUNREACH', 'EAI_AGAIN'],
    maxRetryAfter: 86_400_000,
    noise: 0,
  },
});
