-- Run once, when the PostgreSQL container makes its cluster. Three roles: the owner migrates, the API
-- logs in as nzc_app and acts as nzc_api, which may append to the ledger and never change it.
-- The passwords are for a container that nobody else reaches; choose others anywhere else.
CREATE ROLE nzc_owner LOGIN CREATEROLE PASSWORD 'nzc_owner';
CREATE ROLE nzc_api NOLOGIN;
GRANT nzc_api TO nzc_owner;
CREATE ROLE nzc_app LOGIN NOINHERIT PASSWORD 'nzc_app' IN ROLE nzc_api;
CREATE DATABASE nzc OWNER nzc_owner;
