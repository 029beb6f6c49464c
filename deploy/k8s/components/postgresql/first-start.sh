# Run once by the image, on an empty volume: a database and a role for each service that has one, closed to all others.
set -eu
for service in intake registry; do
  password="$(cat "/etc/postgresql/passwords/$service")"
  psql --set=ON_ERROR_STOP=1 --username=postgres --set=role="$service" --set=password="$password" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
