import Auditing
