// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IRoyaltyVault, Payee, Share} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

contract RoyaltyVaultSplitTest is RoyaltyWorld {
    bytes32 private constant SOLANA = keccak256("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp");
    RoyaltyVault private vault;

    function setUp() public override {
        super.setUp();
        _on(BASE);
        vault = tills[BASE].vault;
    }

    function test_stateSplit_holdsForMoneyFromThenOn_andMovesNoCredit() public {
        _stateSole(BASE, _payee(BASE, artist));
        vault.deposit{value: 100}(NATIVE, 100);
        Share[] memory shares = _shares(Share(_payee(BASE, GALLERY), 10_000));
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.SplitStated(2, shares);
        vm.prank(OWNER);
        assertEq(vault.stateSplit(1, shares), 2);
        vault.deposit{value: 50}(NATIVE, 50);
        assertEq(vault.creditOf(NATIVE, _payee(BASE, artist)), 100);
        assertEq(vault.creditOf(NATIVE, _payee(BASE, GALLERY)), 50);

        (uint64 revision, bytes32[] memory payeeIds, uint256[] memory shareBps) = vault.splitInForce();
        assertEq(revision, 2);
        assertEq(payeeIds.length, 1);
        assertEq(payeeIds[0], vault.payeeIdOf(_payee(BASE, GALLERY)));
        assertEq(shareBps[0], 10_000);
    }

    /// @dev A new claimant is a new payee: whoever states splits cannot redirect what was credited.
    function test_stateSplit_withAnotherClaimant_leavesEarlierCredit() public {
        _stateSole(BASE, Payee(SOLANA, "account", ALICE));
        vault.deposit{value: 100}(NATIVE, 100);
        _stateSole(BASE, Payee(SOLANA, "account", BOB));
        assertEq(vault.creditOf(NATIVE, Payee(SOLANA, "account", ALICE)), 100);
        assertEq(vault.creditOf(NATIVE, Payee(SOLANA, "account", BOB)), 0);
    }

    function test_stateSplit_takesUpToTwentyPayees() public {
        Share[] memory shares = _manyShares(20);
        _stateSplit(BASE, shares);
        vault.deposit{value: 1 ether + 7}(NATIVE, 1 ether + 7);
        uint256 sum = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            sum += vault.creditOf(NATIVE, shares[i].payee);
        }
        assertEq(sum, 1 ether + 7);
    }

    function test_stateSplit_RevertWhen_NotOwner() public {
        address[3] memory others = [MINTER, GUARDIAN, ALICE];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.Unauthorized.selector, others[i]));
            vm.prank(others[i]);
            vault.stateSplit(0, _shares(Share(_payee(BASE, artist), 10_000)));
        }
    }

    function test_stateSplit_RevertWhen_RevisionIsNotTheOneSeen() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.UnexpectedRevision.selector, 1, 0));
        vm.prank(OWNER);
        vault.stateSplit(1, _shares(Share(_payee(BASE, artist), 10_000)));
    }

    function test_stateSplit_RevertWhen_TooFewOrTooManyPayees() public {
        _expectRefusal(new Share[](0), abi.encodeWithSelector(IRoyaltyVault.PayeeCountOutOfBounds.selector, 0, 20));
        _expectRefusal(_manyShares(21), abi.encodeWithSelector(IRoyaltyVault.PayeeCountOutOfBounds.selector, 21, 20));
    }

    function test_stateSplit_RevertWhen_SharesAreNotWhole() public {
        Payee memory payee = _payee(BASE, artist);
        _expectRefusal(
            _shares(Share(payee, 9_999)), abi.encodeWithSelector(IRoyaltyVault.SharesNotWhole.selector, 9_999)
        );
        _expectRefusal(
            _shares(Share(payee, 10_001)), abi.encodeWithSelector(IRoyaltyVault.SharesNotWhole.selector, 10_001)
        );
        _expectRefusal(_shares(Share(payee, 0)), abi.encodeWithSelector(IRoyaltyVault.ShareIsZero.selector, 0));
    }

    function test_stateSplit_RevertWhen_PayeesAreUnorderedOrTwice() public {
        Share[] memory shares = _shares(vault, Share(_payee(BASE, artist), 5_000), Share(_payee(BASE, GALLERY), 5_000));
        (shares[0], shares[1]) = (shares[1], shares[0]);
        _expectRefusal(shares, abi.encodeWithSelector(IRoyaltyVault.PayeesUnordered.selector, 1));
        shares[0] = shares[1];
        _expectRefusal(shares, abi.encodeWithSelector(IRoyaltyVault.PayeesUnordered.selector, 1));
    }

    function test_stateSplit_RevertWhen_APayeeCouldNeverBePaid() public {
        bytes32 tooLong = bytes32(uint256(1) << 160);
        bytes32 here = chains[BASE].chainHash;
        bytes32 home = chains[HOME].chainHash;
        Payee[7] memory payees = [
            Payee(here, 0, address(0)),
            Payee(here, tooLong, address(0)),
            Payee(here, _bytes32(artist), ALICE),
            Payee(home, 0, ALICE),
            Payee(home, tooLong, ALICE),
            Payee(SOLANA, tooLong, address(0)),
            Payee(SOLANA, 0, ALICE)
        ];
        for (uint256 i = 0; i < payees.length; ++i) {
            _expectRefusal(
                _shares(Share(payees[i], 10_000)), abi.encodeWithSelector(IRoyaltyVault.PayeeInvalid.selector, 0)
            );
        }
        _stateSole(BASE, Payee(home, _bytes32(artist), address(0)));
        _stateSole(BASE, Payee(home, _bytes32(artist), ALICE));
        _stateSole(BASE, Payee(SOLANA, tooLong, ALICE));
    }

    function _expectRefusal(Share[] memory shares, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(OWNER);
        vault.stateSplit(0, shares);
    }

    /// @dev `count` payees in order, with equal shares but for the last, which has the rest.
    function _manyShares(uint256 count) private view returns (Share[] memory shares) {
        shares = new Share[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 share = i == count - 1 ? 10_000 - 10_000 / count * i : 10_000 / count;
            shares[i] = Share(_payee(BASE, address(uint160(i + 1))), uint16(share));
            for (uint256 j = i; j > 0; --j) {
                if (vault.payeeIdOf(shares[j - 1].payee) < vault.payeeIdOf(shares[j].payee)) break;
                (shares[j - 1].payee, shares[j].payee) = (shares[j].payee, shares[j - 1].payee);
            }
        }
    }
}
