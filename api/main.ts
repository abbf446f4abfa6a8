import 'reflect-metadata';
import { failProcess } from '../domain/fail-process';
import { runApi } from './run-api';

runApi(process.env).catch(failProcess('the API failed'));
