// Cases drawn once and used by tests of several rules: each fault, and the healthy picture it is mistaken for.

/** Endpoints of the article's section 3.1. */
const ARTICLE = `
  cpe = 10.128.3.202:60170
  svc = 172.30.249.115:9443
  cpq = 10.128.3.202:59906
  baw = 10.128.3.214:9443`;

/** The article's 3.1: the SYN-ACK's port is restored, its address is not. */
export const HALF_UNTRANSLATED = `${ARTICLE}
  time    packet | left    | tun             | right
  0       > S    | cpe>svc | cpe>svc cpq>baw | cpq>baw
  0.0002  < SA   | baw>cpe | -               | baw>cpq
  0.0004  > R    | cpe>baw | -               | cpe>baw
  1.007   > S*   | cpe>svc | cpe>svc cpq>baw | cpq>baw
  1.0072  < SA*  | baw>cpe | -               | baw>cpq
  1.0074  > R    | cpe>baw | -               | cpe>baw
  3.058   > S*   | cpe>svc | cpe>svc cpq>baw | cpq>baw
  3.0582  < SA*  | baw>cpe | -               | baw>cpq
  3.0584  > R    | cpe>baw | -               | cpe>baw
  7.1     > S*   | cpe>svc | cpe>svc cpq>baw | cpq>baw`;

/** The same path in health: the port is changed, and all of the reply is restored. */
export const HALF_HEALTHY = `${ARTICLE}
  time    packet | left    | tun             | right
  0       > S    | cpe>svc | cpe>svc cpq>baw | cpq>baw
  0.0002  < SA   | svc>cpe | -               | baw>cpq
  0.0004  > A    | cpe>svc | cpe>svc cpq>baw | cpq>baw
  0.001   > P/80 | cpe>svc | cpe>svc cpq>baw | cpq>baw
  0.002   < P/90 | svc>cpe | -               | baw>cpq
  0.003   > F    | cpe>svc | cpe>svc cpq>baw | cpq>baw
  0.004   < F    | svc>cpe | -               | baw>cpq
  0.005   > A    | cpe>svc | cpe>svc cpq>baw | cpq>baw`;

/** Kube-proxy on a bridge, port 80 → 8080, IPv6: nothing of the reply is restored. */
export const UNTRANSLATED = `
  web = [fd00:10:244::11]:44252
  svc = [fd00:10:96::7]:80
  api = [fd00:10:244::17]:8080
  time    packet | left    | bridge          | right
  0       > S    | web>svc | web>svc web>api | web>api
  0.0002  < SA   | api>web | -               | api>web
  0.0004  > R    | web>api | -               | web>api
  1.02    > S*   | web>svc | web>svc web>api | web>api
  1.0202  < SA new | api>web | -             | api>web
  1.0204  > R    | web>api | -               | web>api`;

/** The article's 3.2: a service connection holds the tuple that a direct one takes a minute and a half later. */
export const COLLISION = `
  cli = 10.128.2.10:36440
  two = 10.128.2.10:41002
  svc = 172.30.32.208:9443
  pod = 10.128.2.6:9443
  time     packet  | left    | right
  0        > S     | cli>svc | cli>pod
  0.0005   < SA    | svc>cli | pod>cli
  0.0008   > A     | cli>svc | cli>pod
  0.001    > P/300 | cli>svc | cli>pod
  0.002    < A     | svc>cli | pod>cli
  0.003    > F     | cli>svc | cli>pod
  0.004    < F     | svc>cli | pod>cli
  0.005    > A     | cli>svc | cli>pod
  94.451   > b:S   | cli>pod | ~
  94.9     > c:S   | two>pod | two>pod
  94.9005  < c:SA  | pod>two | pod>two
  94.9008  > c:A   | two>pod | two>pod
  95.478   > b:S*  | cli>pod | ~
  97.526   > b:S*  | cli>pod | ~
  101.56   > b:S*  | cli>pod | ~
  109      > c:P/9 | two>pod | two>pod
  109.942  > b:S*  | cli>pod | ~
  112      < c:P/9 | pod>two | pod>two
  112.001  > c:A   | two>pod | two>pod`;

/** The same two ways to one pod in health: the direct connection's port is changed where the tuples would collide. */
export const COLLISION_RESOLVED = `
  cli = 10.128.2.10:36440
  cl2 = 10.128.2.10:51515
  svc = 172.30.32.208:9443
  pod = 10.128.2.6:9443
  time     packet  | left    | right
  0        > S     | cli>svc | cli>pod
  0.0005   < SA    | svc>cli | pod>cli
  0.0008   > A     | cli>svc | cli>pod
  94.451   > b:S   | cli>pod | cl2>pod
  94.4515  < b:SA  | pod>cli | pod>cl2
  94.4518  > b:A   | cli>pod | cl2>pod
  95       > P/10  | cli>svc | cli>pod
  96       > b:P/9 | cli>pod | cl2>pod`;

/** A policy drops every direct connection; nobody holds the tuple. */
export const STEADY_DROP = `
  cli = 10.128.2.10:36440
  two = 10.128.2.10:41002
  oth = 10.128.2.10:50100
  svc = 172.30.32.208:9443
  pod = 10.128.2.6:9443
  time     packet  | left    | right
  0        > S     | oth>svc | oth>pod
  0.0005   < SA    | svc>oth | pod>oth
  0.0008   > A     | oth>svc | oth>pod
  1        > b:S   | cli>pod | ~
  2        > c:S   | two>pod | ~
  2.02     > b:S*  | cli>pod | ~
  3.02     > c:S*  | two>pod | ~
  4.06     > b:S*  | cli>pod | ~
  5        > P/100 | oth>svc | oth>pod
  5.001    < A     | svc>oth | pod>oth`;
