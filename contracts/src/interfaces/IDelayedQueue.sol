// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One call of a plan.
/// @param target Contract that is called, without money.
/// @param data Selector and arguments.
struct QueuedCall {
    address target;
    bytes data;
}

/// @notice When an announced plan can be carried out.
/// @param readyAt From when, Unix time in seconds; zero if nothing is announced.
/// @param expiresAt Until when, inclusive.
struct Announcement {
    uint64 readyAt;
    uint64 expiresAt;
}

/// @title What the owner of a registry may change only after everybody could see it coming.
/// @notice The owner announces a plan of calls. Once the longest of their delays is over, anyone carries the plan
/// out, whole and once, within an execution window. The delays are constants, so nobody can shorten them; contracts
/// of the registry recognise the queue by its address. Owner and guardian are those of the registry's collection.
interface IDelayedQueue {
    /// @notice A plan waits.
    event PlanAnnounced(bytes32 indexed planId, QueuedCall[] calls, uint64 readyAt, uint64 expiresAt);

    /// @notice All calls of a plan were made.
    event PlanExecuted(bytes32 indexed planId);

    /// @notice The owner took a plan back.
    event PlanWithdrawn(bytes32 indexed planId);

    /// @notice The guardian refused a plan that replaces the Gateway or the guardian.
    event PlanVetoed(bytes32 indexed planId);

    /// @notice Only the registry's guardian does this.
    error NotGuardian(address caller);

    /// @notice The guardian vetoes plans that replace the Gateway or the guardian, no others.
    error PlanNotVetoable(bytes32 planId);

    /// @notice Only the registry's owner does this.
    error NotOwner(address caller);

    /// @notice A plan without calls.
    error PlanEmpty();

    /// @notice The same plan waits already.
    error PlanAlreadyAnnounced(bytes32 planId, uint64 readyAt);

    /// @notice No such plan waits.
    error PlanNotAnnounced(bytes32 planId);

    /// @notice The delay is not over.
    error PlanNotReady(bytes32 planId, uint64 readyAt);

    /// @notice The execution window is over; announce the plan again.
    error PlanExpired(bytes32 planId, uint64 expiresAt);

    /// @notice Owner only: announces a plan. One that expired may be announced again.
    /// @return planId keccak256(abi.encode(calls)).
    function announce(QueuedCall[] calldata calls) external returns (bytes32 planId);

    /// @notice Anyone: carries out a plan in its window. All calls are made in order, or none; what a call reverts
    /// with comes out unchanged, and the plan waits on.
    function execute(QueuedCall[] calldata calls) external;

    /// @notice Owner only: takes back a plan.
    function withdraw(bytes32 planId) external;

    /// @notice Guardian only: refuses a plan of which a call replaces the Gateway or the guardian.
    function veto(QueuedCall[] calldata calls) external;

    /// @notice The longest delay of the calls, in seconds: 14 days for {IGatewayUser-setGateway}, 30 days for
    /// {ILanes-retireChain}, 24 hours for {ILanes-voidStatement}, 2 days for every other.
    function delayOf(QueuedCall[] calldata calls) external pure returns (uint64);

    /// @notice See {Announcement}.
    function announcementOf(bytes32 planId) external view returns (Announcement memory);

    /// @notice keccak256(abi.encode(calls)).
    function planIdOf(QueuedCall[] calldata calls) external pure returns (bytes32);

    /// @notice The collection whose owner and guardian this queue obeys.
    function collection() external view returns (address);

    /// @notice How long a plan can be carried out after its delay, in seconds.
    function EXECUTION_WINDOW() external view returns (uint64);
}
