import axios from 'axios';
import axiosRetry from 'axios-retry';

axiosRetry(axios, {
  retries: 5,
  retryCondition: (error) =>
    [502, 503, 504].includes(error.response?.status) || error.code === 'ECONNREFUSED',
  retryDelay: axiosRetry.linearDelay(8000), // 8 s, 16 s, 24 s and so on; `exponentialDelay` has jitter
});
await axios.post(`${process.env.RETROSPEC_URL}/api/v0/chunks/TESTSERIAL`, 'chunk');
