import os

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

retry = Retry(
    total=5,
    read=0,  # no response: the request may have been carried out
    other=0,
    allowed_methods=None,  # any, so POST as well
    status_forcelist=[502, 503, 504],  # 429 is retried anyway if it has Retry-After
    backoff_factor=32,  # 0 s, 64 s, 128 s, 256 s, 512 s
    backoff_max=32768,
    retry_after_max=86400,
    raise_on_status=False,
)
session = requests.Session()
session.mount("http://", HTTPAdapter(max_retries=retry))
session.post(os.environ["RETROSPEC_URL"] + "/api/v0/chunks/TESTSERIAL", data=b"chunk")
