// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Transport} from "../src/interfaces/IGateway.sol";
import {Grant} from "../src/interfaces/ILicenceBook.sol";
import {LicenceTravelWorld} from "./support/LicenceTravelWorld.sol";

/// @dev Licences through the real Gateways, transports and bridges' contracts.
contract LicenceBookTravelTest is LicenceTravelWorld {
    function test_aGrant_boughtOnAMirror_holdsOnEveryChain() public {
        for (uint8 i = 1; i <= 2; ++i) {
            bytes32 grantId = _buy(BASE);
            _bring(_sendGrant(BASE, HOME, Transport(i), grantId));
            _bring(_sendGrant(HOME, MOONBEAM, Transport(i), grantId));
            for (uint256 chain = 0; chain < CHAINS; ++chain) {
                assertTrue(_book(chain).covers(grantId, WORK, ALICE));
            }
        }
    }

    function test_aRevocation_followsTheGrant_andComesNoEarlier() public {
        bytes32 grantId = _buy(HOME);
        Mail memory grantMail = _sendGrant(HOME, BASE, Transport.CCIP, grantId);
        vm.prank(POLICY);
        _book(HOME).revoke(grantId, 0);
        Mail memory revocation = _sendGrant(HOME, BASE, Transport.LAYER_ZERO, grantId);
        _bring(revocation);
        _bring(grantMail);
        Grant memory grant = _book(BASE).grantOf(grantId);
        assertEq(grant.revision, 2);
        assertTrue(grant.revoked);
        assertFalse(_book(BASE).isLicensed(WORK, ALICE, TEXT));
    }

    /// @dev With the gas that was bought.
    function _bring(Mail memory mail) private {
        _deliverCold(mail, _gasLimitOf(mail));
    }
}
