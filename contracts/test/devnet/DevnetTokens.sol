// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Compiled at install, never committed: the fee tokens that the local chains' CCIP contracts need.
import {LinkToken} from "@chainlink/contracts/src/v0.8/shared/token/ERC677/LinkToken.sol";
import {WETH9} from "@chainlink/contracts/src/v0.8/vendor/canonical-weth/WETH9.sol";
