// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IRoyaltyVault, Payee, Share, Withdrawal} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {MoodyPayee, MoodyToken} from "./support/HostileMoney.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";
import {AgreeingWallet} from "./support/Stubs.sol";

contract RoyaltyVaultWithdrawTest is RoyaltyWorld {
    RoyaltyVault private vault;
    MoodyToken private token;
    Payee private artistHere;
    Payee private artistAtHome;

    function setUp() public override {
        super.setUp();
        _on(BASE);
        vault = tills[BASE].vault;
        token = new MoodyToken();
        token.mint(address(this), 1e24);
        token.approve(address(vault), type(uint256).max);
        artistHere = _payee(BASE, artist);
        artistAtHome = _payee(HOME, artist);
    }

    function test_withdraw_paysAPayeeOfThisChain_inParts() public {
        _owe(artistHere, 100);
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.PayeePaid(NATIVE, vault.payeeIdOf(artistHere), BOB, 30, 30);
        uint256 before = BOB.balance;
        _withdraw(artist, _withdrawal(NATIVE, artistHere, BOB, 30));
        _withdraw(artist, _withdrawal(NATIVE, artistHere, BOB, 70));
        assertEq(BOB.balance - before, 100);
        assertEq(vault.creditOf(NATIVE, artistHere), 0);
        assertEq(vault.pooledOf(NATIVE), 0);
    }

    function test_withdraw_paysAClaimant() public {
        Payee memory payee = Payee(chains[HOME].chainHash, _bytes32(artist), ALICE);
        _owe(payee, 100);
        uint256 before = BOB.balance;
        _withdraw(ALICE, _withdrawal(NATIVE, payee, BOB, 100));
        assertEq(BOB.balance - before, 100);
    }

    /// @dev Not even with the address that the payee has at home: here it may be another's contract.
    function test_withdraw_RevertWhen_NeitherPayeeNorClaimant() public {
        _owe(artistAtHome, 100);
        address[3] memory others = [artist, OWNER, MINTER];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.Unauthorized.selector, others[i]));
            _withdraw(others[i], _withdrawal(NATIVE, artistAtHome, BOB, 100));
        }
        _owe(artistHere, 100);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.Unauthorized.selector, BOB));
        _withdraw(BOB, _withdrawal(NATIVE, artistHere, BOB, 100));
    }

    function test_withdraw_RevertWhen_MoreThanTheCredit() public {
        _owe(artistHere, 100);
        _stateSole(BASE, _payee(BASE, GALLERY));
        vault.deposit{value: 900}(NATIVE, 900);
        bytes32 payeeId = vault.payeeIdOf(artistHere);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.InsufficientCredit.selector, payeeId, 100, 101));
        _withdraw(artist, _withdrawal(NATIVE, artistHere, artist, 101));
        vm.expectRevert(IRoyaltyVault.AmountIsZero.selector);
        _withdraw(artist, _withdrawal(NATIVE, artistHere, artist, 0));
    }

    function test_withdraw_RevertWhen_TheRecipientRefuses_andTheCreditStays() public {
        MoodyPayee payee = new MoodyPayee();
        payee.setMood(MoodyPayee.Mood.REVERTS);
        _owe(artistHere, 100);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.PaymentFailed.selector, address(payee), 100));
        _withdraw(artist, _withdrawal(NATIVE, artistHere, address(payee), 100));
        assertEq(vault.creditOf(NATIVE, artistHere), 100);
    }

    function test_withdraw_RevertWhen_ATokenOnlySaysThatItMoved() public {
        _oweTokens(artistHere, 100);
        token.setMood(MoodyToken.Mood.LIES);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.PaymentFailed.selector, artist, 100));
        _withdraw(artist, _withdrawal(address(token), artistHere, artist, 100));
    }

    /// @dev What a token takes beyond the amount comes out of the credit of the payee who withdraws.
    function test_withdraw_ofATokenThatChargesTheSender_costsNobodyElse() public {
        _oweTokens(artistHere, 1_000);
        _oweTokens(_payee(BASE, GALLERY), 1_000);
        token.setMood(MoodyToken.Mood.FEE_FROM_SENDER);
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.PayeePaid(address(token), vault.payeeIdOf(artistHere), artist, 900, 909);
        _withdraw(artist, _withdrawal(address(token), artistHere, artist, 900));
        assertEq(vault.creditOf(address(token), artistHere), 91);
        assertEq(vault.creditOf(address(token), _payee(BASE, GALLERY)), 1_000);

        bytes32 payeeId = vault.payeeIdOf(_payee(BASE, GALLERY));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.InsufficientCredit.selector, payeeId, 0, 10));
        _withdraw(GALLERY, _withdrawal(address(token), _payee(BASE, GALLERY), GALLERY, 1_000));
    }

    /// @dev After a loss, each takes its part in any order, and the rest stays whole.
    function testFuzz_withdraw_afterALoss_leavesTheOthersTheirPart(uint96 left, bool artistFirst) public {
        left = uint96(bound(left, 1_000, 999_999));
        Payee memory gallery = _payee(BASE, GALLERY);
        _oweTokens(artistHere, 750_000);
        _oweTokens(gallery, 250_000);
        token.rebase(address(vault), left);
        (Payee memory first, address firstAccount) = artistFirst ? (artistHere, artist) : (gallery, GALLERY);
        Payee memory second = artistFirst ? gallery : artistHere;
        uint256 ofSecond = vault.creditOf(address(token), second);
        _withdraw(firstAccount, _withdrawal(address(token), first, BOB, vault.creditOf(address(token), first)));
        assertApproxEqAbs(vault.creditOf(address(token), second), ofSecond, 1);
        assertGe(vault.creditOf(address(token), second), ofSecond);
        assertLe(vault.creditOf(address(token), second), token.balanceOf(address(vault)));
    }

    function test_withdraw_RevertWhen_Reentered() public {
        MoodyPayee payee = new MoodyPayee();
        Payee memory here = _payee(BASE, address(payee));
        _owe(here, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, here, address(payee), 50);
        payee.setMood(MoodyPayee.Mood.CALLS_BACK);
        payee.setCall(address(vault), abi.encodeCall(vault.withdraw, (withdrawal)));
        payee.call(address(vault), abi.encodeCall(vault.withdraw, (withdrawal)));
        assertEq(payee.answer(), abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
        assertEq(address(payee).balance, 50);
        assertEq(vault.creditOf(NATIVE, here), 50);
    }

    function test_withdrawSigned_letsAnArtistOfAnotherChainPull_whoeverSubmits() public {
        _owe(artistAtHome, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, artistAtHome, ALICE, 100);
        uint256 before = ALICE.balance;
        bytes memory signature = _sign(artistKey, withdrawal, 0, block.timestamp);
        vm.prank(BOB);
        vault.withdrawSigned(withdrawal, block.timestamp, signature);
        assertEq(ALICE.balance - before, 100);
        assertEq(vault.nonceOf(vault.payeeIdOf(artistAtHome)), 1);
    }

    function test_withdrawSigned_RevertWhen_Replayed() public {
        _owe(artistAtHome, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, artistAtHome, ALICE, 50);
        bytes memory signature = _sign(artistKey, withdrawal, 0, block.timestamp);
        vault.withdrawSigned(withdrawal, block.timestamp, signature);
        _expectInvalidSignature(artistAtHome);
        vault.withdrawSigned(withdrawal, block.timestamp, signature);
    }

    function test_withdrawSigned_RevertWhen_AnyPartIsNotWhatWasSigned() public {
        _owe(artistAtHome, 100);
        Withdrawal memory signed = _withdrawal(NATIVE, artistAtHome, ALICE, 50);
        uint256 deadline = block.timestamp + 1;
        bytes memory signature = _sign(artistKey, signed, 0, deadline);
        Withdrawal[4] memory others = [
            _withdrawal(NATIVE, artistAtHome, BOB, 50),
            _withdrawal(NATIVE, artistAtHome, ALICE, 51),
            _withdrawal(address(token), artistAtHome, ALICE, 50),
            _withdrawal(NATIVE, _payee(MOONBEAM, artist), ALICE, 50)
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectInvalidSignature(others[i].payee);
            vault.withdrawSigned(others[i], deadline, signature);
        }
        _expectInvalidSignature(artistAtHome);
        vault.withdrawSigned(signed, deadline + 1, signature);
        vault.withdrawSigned(signed, deadline, signature);
    }

    function test_withdrawSigned_RevertWhen_Expired() public {
        _owe(artistAtHome, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, artistAtHome, ALICE, 50);
        uint256 deadline = block.timestamp;
        bytes memory signature = _sign(artistKey, withdrawal, 0, deadline);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.SignatureExpired.selector, deadline));
        vault.withdrawSigned(withdrawal, deadline, signature);
    }

    function test_withdrawSigned_RevertWhen_AnotherSigned() public {
        (, uint256 otherKey) = makeAddrAndKey("another");
        _owe(artistAtHome, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, artistAtHome, ALICE, 50);
        bytes memory signature = _sign(otherKey, withdrawal, 0, block.timestamp);
        _expectInvalidSignature(artistAtHome);
        vault.withdrawSigned(withdrawal, block.timestamp, signature);
        _expectInvalidSignature(artistAtHome);
        vault.withdrawSigned(withdrawal, block.timestamp, "short");
    }

    /// @dev A wallet contract vouches for its own chain only: at that address here may stand another's.
    function test_withdrawSigned_takesAWalletContract_onItsOwnChainOnly() public {
        AgreeingWallet wallet = new AgreeingWallet();
        Payee memory here = _payee(BASE, address(wallet));
        Payee memory atHome = _payee(HOME, address(wallet));
        _owe(here, 100);
        _owe(atHome, 100);
        Withdrawal memory withdrawal = _withdrawal(NATIVE, here, ALICE, 50);
        wallet.agree(_withdrawalHash(BASE, withdrawal, 0, block.timestamp));
        uint256 before = ALICE.balance;
        vault.withdrawSigned(withdrawal, block.timestamp, "");
        assertEq(ALICE.balance - before, 50);

        withdrawal = _withdrawal(NATIVE, atHome, ALICE, 50);
        wallet.agree(_withdrawalHash(BASE, withdrawal, 0, block.timestamp));
        _expectInvalidSignature(atHome);
        vault.withdrawSigned(withdrawal, block.timestamp, "");
    }

    function test_pay_paysManyAtOnce_whoeverCalls() public {
        _owe(artistHere, 100);
        _owe(_payee(BASE, GALLERY), 60);
        address[] memory accounts = new address[](3);
        (accounts[0], accounts[1], accounts[2]) = (artist, GALLERY, CHARITY);
        vm.prank(BOB);
        vault.pay(NATIVE, accounts);
        assertEq(artist.balance, 100);
        assertEq(GALLERY.balance, 60);
        assertEq(CHARITY.balance, 0);
        assertEq(vault.pooledOf(NATIVE), 0);
    }

    function test_pay_paysTokens() public {
        _oweTokens(artistHere, 100);
        _pay(address(token), artist);
        assertEq(token.balanceOf(artist), 100);
        assertEq(vault.creditOf(address(token), artistHere), 0);
    }

    /// @dev Whatever one payee does, the next is paid, and the first keeps its credit.
    function test_pay_isNotStoppedByAPayee_whoKeepsTheCredit() public {
        MoodyPayee.Mood[3] memory moods =
            [MoodyPayee.Mood.REVERTS, MoodyPayee.Mood.BURNS_ALL_GAS, MoodyPayee.Mood.RETURNS_A_BOMB];
        address[] memory accounts = new address[](4);
        for (uint256 i = 0; i < 3; ++i) {
            MoodyPayee payee = new MoodyPayee();
            payee.setMood(moods[i]);
            accounts[i] = address(payee);
            _owe(_payee(BASE, accounts[i]), 100);
        }
        accounts[3] = artist;
        _owe(artistHere, 100);
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.PaymentRefused(NATIVE, vault.payeeIdOf(_payee(BASE, accounts[0])), 100);
        uint256 gasBefore = gasleft();
        vault.pay(NATIVE, accounts);
        assertLt(gasBefore - gasleft(), 3 * 100_000 + 200_000);
        assertEq(artist.balance, 100);
        assertEq(vault.creditOf(NATIVE, _payee(BASE, accounts[0])), 100);
        assertEq(vault.creditOf(NATIVE, _payee(BASE, accounts[1])), 100);
        // It accepts, and its answer is not read.
        assertEq(accounts[2].balance, 100);
    }

    function test_pay_isNotStoppedByAToken_thatRefuses() public {
        _oweTokens(artistHere, 100);
        token.setMood(MoodyToken.Mood.REFUSES);
        _pay(address(token), artist);
        assertEq(vault.creditOf(address(token), artistHere), 100);
        token.setMood(MoodyToken.Mood.MOVES_BUT_SAYS_NO);
        _pay(address(token), artist);
        assertEq(token.balanceOf(artist), 100);
        assertEq(vault.creditOf(address(token), artistHere), 0);
    }

    function test_pay_leavesPayeesOfOtherChains() public {
        _owe(artistAtHome, 100);
        _pay(NATIVE, artist);
        assertEq(artist.balance, 0);
        assertEq(vault.creditOf(NATIVE, artistAtHome), 100);
    }

    function test_pay_RevertWhen_TooLittleGasIsLeftForAPayee() public {
        _owe(artistHere, 100);
        address[] memory accounts = new address[](1);
        accounts[0] = artist;
        (bool paid, bytes memory reason) =
            address(vault).call{gas: 140_000}(abi.encodeCall(vault.pay, (NATIVE, accounts)));
        assertFalse(paid);
        assertEq(bytes4(reason), IRoyaltyVault.PaymentGasTooLow.selector);
    }

    function _owe(Payee memory payee, uint256 amount) private {
        _stateSole(BASE, payee);
        vault.deposit{value: amount}(NATIVE, amount);
    }

    function _oweTokens(Payee memory payee, uint256 amount) private {
        _stateSole(BASE, payee);
        vault.deposit(address(token), amount);
    }

    function _withdraw(address caller, Withdrawal memory withdrawal) private {
        vm.prank(caller);
        vault.withdraw(withdrawal);
    }

    function _pay(address money, address account) private {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        vault.pay(money, accounts);
    }

    function _expectInvalidSignature(Payee memory payee) private {
        bytes32 payeeId = vault.payeeIdOf(payee);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.SignatureInvalid.selector, payeeId));
    }

    function _sign(
        uint256 key,
        Withdrawal memory withdrawal,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _withdrawalHash(BASE, withdrawal, nonce, deadline));
        return abi.encodePacked(r, s, v);
    }
}
