"""What stands between NZC and whoever asks: proxies, origins, compression."""

from dataclasses import dataclass

from starlette.middleware import Middleware

from nzc_api.transport.compression import Compression
from nzc_api.transport.origins import Origins
from nzc_api.transport.proxies import Network, Proxies


@dataclass(frozen=True, slots=True)
class Front:
    """Which pages may ask, which proxies are believed, and the path that all lies under ("" or as
    ``/nzc``). With ``loopback_origins``, pages served on this machine may ask too."""

    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    path_prefix: str = ""
    loopback_origins: bool = False

    def middleware(self, *behind_proxies: Middleware) -> list[Middleware]:
        """The middleware, the outermost first; with more that is asked when it is known who asks."""
        behind_proxy = self.trusted_proxies or self.path_prefix
        return [
            *(
                [Middleware(Proxies, self.trusted_proxies, self.path_prefix)]
                if behind_proxy
                else []
            ),
            *behind_proxies,
            Middleware(Origins, self.allowed_origins, self.loopback_origins),
            Middleware(Compression),
        ]
